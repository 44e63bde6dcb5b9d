import '@fontsource-variable/inter'
import '@/lib/theme/first'
import '@parley/shared/tokens.css'
import './app.css'
import { MantineProvider } from '@mantine/core'
import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { setNonce } from 'get-nonce'
import { StrictMode, Suspense } from 'react'
import { createRoot } from 'react-dom/client'
import { startI18n } from '@/lib/i18n/i18n'
import { colorSchemeManager } from '@/lib/theme/colorScheme'
import { cssVariables, styleNonce, theme } from '@/lib/theme/theme'
import { queryClient, router } from '@/routes/router'
import { Waiting } from '@/ui/Waiting'

async function start() {
  // Windows lock scrolling by a style element of their own.
  setNonce(styleNonce())
  // Who is signed in, and the code of the page, come at the same time as the texts.
  void router.load()
  await startI18n()
  const root = document.getElementById('root')
  if (!root) throw new Error('index.html has no #root')
  createRoot(root).render(
    <StrictMode>
      <MantineProvider
        theme={theme}
        cssVariablesResolver={cssVariables}
        colorSchemeManager={colorSchemeManager}
        defaultColorScheme="auto"
        deduplicateCssVariables={false}
        getStyleNonce={styleNonce}
      >
        <QueryClientProvider client={queryClient}>
          <Suspense fallback={<Waiting />}>
            <RouterProvider router={router} />
          </Suspense>
        </QueryClientProvider>
      </MantineProvider>
    </StrictMode>,
  )
}

void start()

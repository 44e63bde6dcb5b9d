// Runs before the first paint so that a dark page never flashes white, and what waits has the shape of what comes.
try {
  const kept = localStorage.getItem('parley.theme')
  const dark =
    kept === 'dark' || (kept !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches)
  document.documentElement.setAttribute('data-mantine-color-scheme', dark ? 'dark' : 'light')
} catch {}
if (location.pathname.startsWith('/c/')) document.documentElement.setAttribute('data-at', 'cabinet')

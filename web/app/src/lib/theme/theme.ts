import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from '@mantine/core'

/**
 * Mantine wants ten shades per colour; what is seen comes from the tokens through the resolver below, so these
 * tuples only serve components that compute a shade of their own.
 */
const accent: MantineColorsTuple = [
  '#eceefd',
  '#dfe3fb',
  '#c0c7f6',
  '#9ea9f0',
  '#7f8cea',
  '#5f6ee0',
  '#4353d6',
  '#3746bf',
  '#2e3ba3',
  '#252f83',
]
const gray: MantineColorsTuple = [
  '#f7f8fa',
  '#f0f1f4',
  '#e8e9ee',
  '#dfe1e7',
  '#d3d6de',
  '#b9bdc9',
  '#8b90a0',
  '#5a5f70',
  '#3f4453',
  '#191c26',
]
const dark: MantineColorsTuple = [
  '#eceef3',
  '#c6cad5',
  '#a9aebd',
  '#949aab',
  '#4a5061',
  '#2a2e39',
  '#1e212a',
  '#171a21',
  '#12141a',
  '#101218',
]

/** The top of a window is no second banner of the page. */
const noBanner = { header: { role: 'presentation' } }

export const theme = createTheme({
  primaryColor: 'accent',
  primaryShade: 6,
  colors: { accent, gray, dark },
  fontFamily: 'var(--p-font)',
  fontFamilyMonospace: 'var(--p-font-mono)',
  fontSizes: { xs: '12px', sm: '13px', md: '14px', lg: '16px', xl: '20px' },
  lineHeights: { xs: '1.4', sm: '1.45', md: '1.5', lg: '1.5', xl: '1.4' },
  spacing: { xs: '8px', sm: '12px', md: '16px', lg: '24px', xl: '32px' },
  radius: { xs: '4px', sm: '6px', md: '8px', lg: '12px', xl: '16px' },
  defaultRadius: 'md',
  headings: {
    fontWeight: '600',
    sizes: {
      h1: { fontSize: '20px', lineHeight: '28px' },
      h2: { fontSize: '16px', lineHeight: '24px' },
      h3: { fontSize: '14px', lineHeight: '20px' },
    },
  },
  shadows: {
    xs: 'none',
    sm: 'none',
    md: 'var(--p-shadow)',
    lg: 'var(--p-shadow)',
    xl: 'var(--p-shadow)',
  },
  focusRing: 'auto',
  cursorType: 'pointer',
  respectReducedMotion: true,
  // Plain objects: naming the components here would pull all of them into the first load.
  components: {
    Button: { defaultProps: { size: 'sm' }, styles: { root: { fontWeight: 500 } } },
    ActionIcon: { defaultProps: { variant: 'subtle', color: 'gray', size: 'lg' } },
    InputWrapper: {
      defaultProps: { inputWrapperOrder: ['label', 'input', 'description', 'error'] },
    },
    TextInput: { defaultProps: { size: 'sm' } },
    Textarea: { defaultProps: { size: 'sm' } },
    Select: { defaultProps: { size: 'sm', checkIconPosition: 'right' } },
    Menu: { defaultProps: { shadow: 'md', transitionProps: { duration: 120 } } },
    Modal: {
      defaultProps: { shadow: 'md', transitionProps: { duration: 150 }, attributes: noBanner },
    },
    Drawer: {
      defaultProps: { shadow: 'md', transitionProps: { duration: 180 }, attributes: noBanner },
    },
    Paper: { defaultProps: { withBorder: true } },
    Tabs: { defaultProps: { keepMounted: false } },
    // A tooltip says what its button is called or described by anyway, and lies outside of every landmark.
    Tooltip: { defaultProps: { openDelay: 300, withArrow: false, 'aria-hidden': true } },
    SegmentedControl: { defaultProps: { size: 'sm' } },
  },
})

const meanings = {
  accent: 'accent',
  green: 'good',
  yellow: 'warning',
  orange: 'warning',
  red: 'bad',
  blue: 'info',
}

function shared(): Record<string, string> {
  const variables: Record<string, string> = {
    '--mantine-color-body': 'var(--p-surface)',
    '--mantine-color-text': 'var(--p-text)',
    '--mantine-color-bright': 'var(--p-text)',
    '--mantine-color-dimmed': 'var(--p-text-soft)',
    '--mantine-color-placeholder': 'var(--p-text-faint)',
    '--mantine-color-anchor': 'var(--p-accent-text)',
    '--mantine-color-error': 'var(--p-bad-text)',
    '--mantine-color-default': 'var(--p-surface)',
    '--mantine-color-default-hover': 'var(--p-hover)',
    '--mantine-color-default-color': 'var(--p-text)',
    '--mantine-color-default-border': 'var(--p-line-strong)',
    '--mantine-color-disabled': 'var(--p-sunken)',
    '--mantine-color-disabled-color': 'var(--p-text-faint)',
    '--mantine-color-disabled-border': 'var(--p-line)',
    '--mantine-primary-color-filled': 'var(--p-accent)',
    '--mantine-primary-color-filled-hover': 'var(--p-accent-hover)',
    '--mantine-primary-color-contrast': 'var(--p-accent-on)',
    '--mantine-color-gray-text': 'var(--p-text-soft)',
    '--mantine-color-gray-light': 'var(--p-sunken)',
    '--mantine-color-gray-light-hover': 'var(--p-hover)',
    '--mantine-color-gray-light-color': 'var(--p-text-soft)',
  }
  for (const [colour, meaning] of Object.entries(meanings)) {
    variables[`--mantine-color-${colour}-text`] = `var(--p-${meaning}-text)`
    variables[`--mantine-color-${colour}-light`] = `var(--p-${meaning}-tint)`
    variables[`--mantine-color-${colour}-light-hover`] = `var(--p-${meaning}-tint)`
    variables[`--mantine-color-${colour}-light-color`] = `var(--p-${meaning}-text)`
    variables[`--mantine-color-${colour}-outline`] = `var(--p-${meaning})`
  }
  variables['--mantine-color-accent-filled'] = 'var(--p-accent)'
  variables['--mantine-color-accent-filled-hover'] = 'var(--p-accent-hover)'
  return variables
}

/** cssVariables lets Mantine's components show the tokens of web/shared in both themes. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: shared(),
  dark: shared(),
})

/** styleNonce lets Mantine's own style elements pass the content security policy. */
export function styleNonce(): string {
  return document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? ''
}

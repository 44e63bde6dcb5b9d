import { defineConfig } from 'vite'
import { onlyUsedVariables } from './scripts/only-used-variables.mjs'

/**
 * The page inside the iframe. It lives one folder above its assets (/widget/{key} and
 * /widget/assets/), which the relative base keeps true below any path prefix.
 */
export default defineConfig({
  base: './',
  plugins: [onlyUsedVariables()],
  oxc: { jsx: { runtime: 'automatic', importSource: '#view', development: false } },
  build: {
    target: 'es2022',
    modulePreload: false,
    assetsInlineLimit: 0,
    reportCompressedSize: false,
  },
})

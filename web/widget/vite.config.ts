import { defineConfig } from 'vite'

/**
 * The page inside the iframe. It lives one folder above its assets (/widget/{key} and
 * /widget/assets/), which the relative base keeps true below any path prefix.
 */
export default defineConfig({
  base: './',
  build: {
    target: 'es2022',
    modulePreload: false,
    assetsInlineLimit: 0,
    reportCompressedSize: false,
  },
})

import { defineConfig } from 'vite'

/** widget.js, the one file that runs in somebody else's page: a classic script, no globals but its own. */
export default defineConfig({
  build: {
    target: 'es2022',
    emptyOutDir: false,
    reportCompressedSize: false,
    lib: {
      entry: 'src/loader/main.ts',
      formats: ['iife'],
      name: 'ParleyLoader',
      fileName: () => 'widget.js',
    },
  },
})

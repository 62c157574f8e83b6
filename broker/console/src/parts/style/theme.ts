// One accent colour, the system's fonts, and corners that do not draw the eye.

import { createTheme } from '@mantine/core'

export const theme = createTheme({
  primaryColor: 'ward',
  primaryShade: { light: 7, dark: 6 },
  colors: {
    ward: [
      ...(['#e9f4f8', '#d2e5ed', '#a6ccdc', '#76b1ca', '#519bbb'] as const),
      ...(['#3a8cb1', '#256f92', '#1c617f', '#104d67', '#063a50'] as const),
    ],
  },
  fontFamily: 'system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif',
  fontFamilyMonospace: 'ui-monospace, "Cascadia Mono", Menlo, Consolas, monospace',
  defaultRadius: 'sm',
  autoContrast: false,
  respectReducedMotion: true,
})

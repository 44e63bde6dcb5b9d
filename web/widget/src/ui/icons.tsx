const paths = {
  close: 'M6 6l12 12M18 6L6 18',
  send: 'M4 4l17 8-17 8 2.5-8zM6.5 12H13',
  clip: 'M8.5 12.5l5.7-5.7a2.3 2.3 0 0 1 3.3 3.3l-7 7a4 4 0 0 1-5.7-5.7l6.7-6.7',
  smile:
    'M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17zM8.5 14.2c1.8 2.4 5.2 2.4 7 0M9 9.7v.1M15 9.7v.1',
  camera: 'M4 8.5h3.5l1.5-2.5h6l1.5 2.5H20v10H4zM12 16.3a3 3 0 1 0 0-6 3 3 0 0 0 0 6z',
  file: 'M6.5 3.5h7l4 4v13h-11zM13.5 3.5v4h4',
  clock: 'M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16zM12 8v4.2l2.8 1.6',
  sent: 'M6 12.5l4 4 8.5-9',
  read: 'M2.5 12.5l4 4L15 7.5M11 15.5l1 1 8.5-9',
  alert: 'M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16zM12 8v4.5M12 15.7v.1',
  down: 'M12 5v14M6 13l6 6 6-6',
  retry: 'M18.5 9a7 7 0 1 0 .5 4.5M19 4.5V9h-4.5',
  chat: 'M4 12a8 7.5 0 1 1 3.6 6.2L3.8 19.4l1.3-3.2A7.2 7.2 0 0 1 4 12z',
} as const

export type IconName = keyof typeof paths

export function Icon({ name }: { name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
      <path d={paths[name]} />
    </svg>
  )
}

/** Logo is the mark; the name stands beside it where there is room. */
export function Logo({ size = 28 }: { size?: number }) {
  return (
    <svg viewBox="0 0 32 32" width={size} height={size} aria-hidden="true">
      <rect width="32" height="32" rx="8" fill="var(--p-accent)" />
      <path d="M9 8h11a5 5 0 0 1 0 10h-6v6l-5-5z" fill="var(--p-accent-on)" />
      <circle cx="14" cy="13" r="1.5" fill="var(--p-accent)" />
      <circle cx="19" cy="13" r="1.5" fill="var(--p-accent)" />
    </svg>
  )
}

/**
 * What people are reminded of opens once in a browser session, over all its tabs, and again after each sign-in. Only a
 * session cookie lives exactly as long; nothing on the server reads it.
 */
const cookie = 'parley_reminded'

function companies(): string[] {
  const pair = document.cookie.split('; ').find((part) => part.startsWith(`${cookie}=`))
  return (
    pair
      ?.slice(cookie.length + 1)
      .split('.')
      .filter(Boolean) ?? []
  )
}

/** takeReminder tells whether this company is due for a reminder, and takes it as given. */
export function takeReminder(company: number): boolean {
  const given = companies()
  if (given.includes(String(company))) return false
  write(`${[...given, company].join('.')}; Path=/`)
  return true
}

/** remindAgain makes everything due, as after a sign-in. */
export function remindAgain(): void {
  write('; Path=/; Max-Age=0')
}

function write(value: string): void {
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store exists on pages with TLS only
  document.cookie = `${cookie}=${value}; SameSite=Strict`
}

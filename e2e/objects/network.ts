import { expect } from '@playwright/test'

interface Message {
  to: string
  text: string
}

interface Letter {
  to: string[]
  subject: string
  text: string
}

/** What has left Parley, as the fake networks show it. */
async function read<T>(path: string): Promise<T[]> {
  const answer = await fetch(`${process.env.FAKENET_URL}/api/${path}`)
  return ((await answer.json()) as { items: T[] | null }).items ?? []
}

/** The six digits that the newest SMS to a number holds. */
export async function codeFor(phone: string): Promise<string> {
  const digits = phone.replace(/\D/g, '')
  let code: string | undefined
  await expect
    .poll(async () => {
      const messages = await read<Message>('sms/messages')
      const mine = messages.find((message) => message.to.replace(/\D/g, '') === digits)
      code = /\b\d{6}\b/.exec(mine?.text ?? '')?.[0]
      return code
    })
    .toBeTruthy()
  return code ?? ''
}

/** The newest SMS to a number that begins so, in full. */
export async function textTo(phone: string, begins: string): Promise<string | undefined> {
  const digits = phone.replace(/\D/g, '')
  const messages = await read<Message>('sms/messages')
  return messages.find(
    ({ to, text }) => to.replace(/\D/g, '') === digits && text.startsWith(begins),
  )?.text
}

/** The link of the newest letter to an address that leads to a page. */
export async function linkFor(email: string, page: string): Promise<string> {
  let link: string | undefined
  await expect
    .poll(async () => {
      const letters = await read<Letter>('smtp/letters')
      const texts = letters.filter(({ to }) => to.includes(email)).map(({ text }) => text)
      link = texts
        .flatMap((text) => text.match(/https?:\/\/\S+/g) ?? [])
        .find((address) => new URL(address).pathname === page)
      return link
    })
    .toBeTruthy()
  return link ?? ''
}

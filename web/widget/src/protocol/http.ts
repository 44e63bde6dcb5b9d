import { CallError, inMilliseconds } from './socket'
import type { Attachment, Page, Token, Visit } from './wire'

/** Addresses are relative to this document, so a server below a path prefix works as well. */
const base = new URL('./', location.href)
const sockets = new URL('realtime/websocket', base)
sockets.protocol = sockets.protocol === 'http:' ? 'ws:' : 'wss:'
sockets.search = ''
sockets.hash = ''

export const socketAddress = sockets.href

export interface Visitor {
  key: string
  visitor_token?: string
  page: Page
  referrer: string
  language: string
  time_zone: string
}

export function visit(visitor: Visitor): Promise<Visit> {
  return post<Visit>('v1/visit', visitor)
}

export function freshToken(visitorToken: string): Promise<Token> {
  return post<Token>('v1/token', { visitor_token: visitorToken })
}

async function post<T>(path: string, body: unknown): Promise<T> {
  let response: Response
  try {
    response = await fetch(new URL(path, base), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      credentials: 'omit',
    })
  } catch {
    throw new CallError('link')
  }
  const answer = await response.json().catch(() => null)
  if (!response.ok || !answer) {
    const after = inMilliseconds(response.headers.get('retry-after'))
    throw new CallError(faultOf(response.status, answer), after)
  }
  return answer as T
}

/** Overload and faults of the server pass; they count as no answer. */
function faultOf(status: number, problem: { code?: string } | null): string {
  if (status === 429) {
    return 'rate_limited'
  }
  return status >= 500 || !problem?.code ? 'link' : problem.code
}

export interface Upload {
  done: Promise<Attachment>
  cancel: () => void
}

/** XMLHttpRequest because fetch cannot tell how much of an upload has gone out. */
export function upload(
  file: File,
  visitorToken: string,
  onProgress: (share: number) => void,
): Upload {
  const request = new XMLHttpRequest()
  const done = new Promise<Attachment>((resolve, reject) => {
    request.open('POST', new URL('v1/attachments', base))
    request.setRequestHeader('authorization', `Bearer ${visitorToken}`)
    request.responseType = 'json'
    request.upload.onprogress = (event) => {
      onProgress(event.lengthComputable ? event.loaded / event.total : 0)
    }
    request.onload = () => {
      if (request.status < 300 && request.response) {
        resolve(request.response as Attachment)
      } else {
        const code = { 413: 'too_large', 415: 'unsupported_media' }[request.status]
        reject(new CallError(code ?? faultOf(request.status, request.response)))
      }
    }
    request.onerror = () => reject(new CallError('link'))
    request.onabort = () => reject(new CallError('cancelled'))
    const form = new FormData()
    form.append('file', file)
    request.send(form)
  })
  return { done, cancel: () => request.abort() }
}

/** Files are served beside this document; an address that leads elsewhere is not followed. */
export function fileAddress(url: string): string {
  const address = new URL(url, base)
  return address.protocol === 'https:' || address.origin === base.origin ? address.href : ''
}

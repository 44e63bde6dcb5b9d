import createClient, { type Middleware } from 'openapi-fetch'
import { networkError, problemOf } from './error'
import { answered, keyFor, newKey } from './idempotency'
import type { paths } from './schema'

type Listener = () => void
const signedOutListeners = new Set<Listener>()

/** onSignedOut tells when the server no longer knows this browser. */
export function onSignedOut(listener: Listener): () => void {
  signedOutListeners.add(listener)
  return () => signedOutListeners.delete(listener)
}

const middleware: Middleware = {
  async onRequest({ request }) {
    if (request.method === 'POST' && !request.headers.has('Idempotency-Key')) {
      request.headers.set('Idempotency-Key', await keyFor(request))
    }
    return request
  },
  async onResponse({ request, response }) {
    if (request.method === 'POST' && response.status < 500) answered(request)
    if (response.status === 401 && !request.url.endsWith('/sign-in')) {
      for (const listener of signedOutListeners) listener()
    }
    return undefined
  },
  onError: () => networkError(),
}

export const api = createClient<paths>({
  baseUrl: window.location.origin,
  credentials: 'same-origin',
  fetch: (request) => globalThis.fetch(request),
})
api.use(middleware)

interface Result<T> {
  data?: T
  error?: unknown
  response: Response
}

/** ok gives the answer's body or throws an ApiError: `await ok(api.GET('/api/v1/me'))`. */
export async function ok<T>(call: Promise<Result<T>>): Promise<T> {
  const { data, error, response } = await call
  if (!response.ok || error !== undefined) throw problemOf(error, response)
  return data as T
}

/** upload posts one file with progress, which fetch cannot tell. */
export function upload<T>(
  url: string,
  file: File,
  onProgress: (part: number) => void,
  signal?: AbortSignal,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open('POST', url)
    request.setRequestHeader('Idempotency-Key', newKey())
    request.responseType = 'json'
    request.upload.onprogress = (e) => e.lengthComputable && onProgress(e.loaded / e.total)
    request.onerror = () => reject(networkError())
    request.onabort = () => reject(new DOMException('cancelled', 'AbortError'))
    request.onload = () => {
      if (request.status >= 200 && request.status < 300) resolve(request.response as T)
      else
        reject(
          problemOf(
            request.response,
            new Response(null, { status: Math.max(request.status, 200) }),
          ),
        )
    }
    signal?.addEventListener('abort', () => request.abort())
    const form = new FormData()
    form.append('file', file)
    request.send(form)
  })
}

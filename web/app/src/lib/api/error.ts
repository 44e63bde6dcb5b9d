import type { Money } from '@parley/shared/money'
import type { Problem } from './types'

/** ApiError is every way a call can fail, the network included (code "network"). */
export class ApiError extends Error {
  readonly code: string
  readonly status: number
  readonly fields: Record<string, { code: string; message: string }>
  readonly requestId: string
  readonly problem: Problem

  constructor(problem: Problem, status: number) {
    super(problem.detail || problem.title || problem.code)
    this.name = 'ApiError'
    this.code = problem.code
    this.status = status
    this.fields = problem.fields ?? {}
    this.requestId = problem.request_id ?? ''
    this.problem = problem
  }

  /** retryAfter is how many seconds to wait before trying again, when the server says so. */
  get retryAfter(): number | undefined {
    const seconds = this.problem.retry_after_s
    return typeof seconds === 'number' ? seconds : undefined
  }

  /** money reads an amount that comes with the problem, as `missing` does with insufficient_funds. */
  money(name: string): Money | undefined {
    const value = this.problem[name]
    if (typeof value !== 'object' || value === null) return undefined
    const { amount, currency } = value as Partial<Money>
    return amount !== undefined && currency !== undefined ? { amount, currency } : undefined
  }
}

const codeOfStatus: Record<number, string> = {
  401: 'unauthenticated',
  403: 'forbidden',
  404: 'not_found',
  409: 'conflict',
  412: 'conflict',
  413: 'too_large',
  429: 'rate_limited',
  502: 'unavailable',
  503: 'unavailable',
  504: 'unavailable',
}

/** problemOf makes an ApiError out of whatever came back: a problem, a proxy's page, or nothing. */
export function problemOf(body: unknown, response: Response): ApiError {
  const requestId = response.headers.get('X-Request-Id') ?? undefined
  if (
    typeof body === 'object' &&
    body !== null &&
    'code' in body &&
    typeof body.code === 'string'
  ) {
    const problem = body as Problem
    return new ApiError(
      { ...problem, request_id: problem.request_id ?? requestId },
      response.status,
    )
  }
  const code = codeOfStatus[response.status] ?? 'internal'
  return new ApiError({ code, request_id: requestId }, response.status)
}

export function networkError(): ApiError {
  return new ApiError({ code: 'network' }, 0)
}

/** asApiError narrows what a query or mutation threw. */
export function asApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error
  return new ApiError({ code: 'internal', detail: error instanceof Error ? error.message : '' }, 0)
}

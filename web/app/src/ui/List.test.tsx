import { screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { expect, test, vi } from 'vitest'
import { ApiError } from '@/lib/api/error'
import type { ListState } from '@/lib/api/useList'
import { show } from '@/test/render'
import { List } from './List'

interface Row {
  id: number
  name: string
}

const state = (own: Partial<ListState<Row>>): ListState<Row> => ({
  rows: undefined,
  error: null,
  retry: () => undefined,
  hasMore: false,
  loadMore: () => undefined,
  loadingMore: false,
  stale: false,
  ...own,
})
const list = (own: Partial<ListState<Row>>) => (
  <List
    label="People"
    list={state(own)}
    columns={[{ key: 'name', title: 'Name', cell: (row) => row.name }]}
    rowKey={(row) => row.id}
    empty={<p>Nobody yet</p>}
  />
)

test('waiting shows skeletons, not an empty list', async () => {
  await show(list({}))
  expect(screen.getByRole('status', { name: 'Loading' })).toBeTruthy()
  expect(screen.queryByText('Nobody yet')).toBeNull()
})

test('an empty list says what to do', async () => {
  await show(list({ rows: [] }))
  expect(screen.getByText('Nobody yet')).toBeTruthy()
})

test('an error can be tried again and has a reference', async () => {
  const retry = vi.fn()
  await show(
    list({ error: new ApiError({ code: 'unavailable', request_id: 'ref-7' }, 503), retry }),
  )
  expect(screen.getByText('ref-7')).toBeTruthy()
  await userEvent.click(screen.getByRole('button', { name: 'Try again' }))
  expect(retry).toHaveBeenCalledOnce()
})

test('a refusal is not worth another try', async () => {
  await show(list({ error: new ApiError({ code: 'forbidden' }, 403) }))
  expect(screen.queryByRole('button', { name: 'Try again' })).toBeNull()
})

test('rows stay when the next page fails', async () => {
  const loadMore = vi.fn()
  const rows = [{ id: 1, name: 'Anna' }]
  await show(list({ rows, hasMore: true, error: new ApiError({ code: 'network' }, 0), loadMore }))
  expect(screen.getByRole('cell', { name: 'Anna' })).toBeTruthy()
  await userEvent.click(screen.getByRole('button', { name: 'Try again' }))
  expect(loadMore).toHaveBeenCalled()
})

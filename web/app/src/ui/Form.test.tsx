import { TextInput } from '@mantine/core'
import { isNotEmpty, useForm } from '@mantine/form'
import { screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { expect, test, vi } from 'vitest'
import { ApiError } from '@/lib/api/error'
import { show } from '@/test/render'
import { Form, renamed } from './Form'

function NameForm({
  save,
  onSaved,
}: {
  save: (name: string) => Promise<void>
  onSaved?: () => void
}) {
  const form = useForm({
    initialValues: { name: 'Bakery' },
    validate: { name: isNotEmpty('Fill this in.') },
  })
  return (
    <Form
      form={form}
      submit="Save"
      onSubmit={({ name }) => save(name)}
      onSaved={onSaved}
      fieldNames={{ title: 'name' }}
    >
      <TextInput label="Name" {...form.getInputProps('name')} />
    </Form>
  )
}

const field = () => screen.getByLabelText<HTMLInputElement>('Name')
const button = () => screen.getByRole('button', { name: 'Save' })

test('a refused save says so on top and at the field, and keeps what was typed', async () => {
  const refuse = () =>
    Promise.reject(
      new ApiError({ code: 'invalid', fields: { title: { code: 'taken', message: '' } } }, 422),
    )
  await show(<NameForm save={refuse} />)
  expect(button()).toHaveProperty('disabled', true)
  await userEvent.type(field(), ' site')
  await userEvent.click(button())
  expect(await screen.findByText('Some fields need another look.')).toBeTruthy()
  expect(screen.getByText('This is already taken.')).toBeTruthy()
  expect(field().value).toBe('Bakery site')
  expect(screen.getByText('Unsaved changes')).toBeTruthy()
})

test('a broken server gives a reference number', async () => {
  await show(
    <NameForm
      save={() => Promise.reject(new ApiError({ code: 'internal', request_id: 'ref-42' }, 500))}
    />,
  )
  await userEvent.type(field(), '!')
  await userEvent.click(button())
  expect(await screen.findByText('ref-42')).toBeTruthy()
})

test('leaving with changes asks; staying keeps them, saving lets go', async () => {
  const { router, leave } = await show(<NameForm save={() => Promise.resolve()} />)
  await userEvent.type(field(), '!')
  void leave()
  expect(await screen.findByText('Leave this page?')).toBeTruthy()
  await userEvent.click(screen.getByRole('button', { name: 'Cancel' }))
  expect(router.state.location.pathname).toBe('/')
  expect(field().value).toBe('Bakery!')

  await userEvent.click(button())
  expect(await screen.findByText('Saved')).toBeTruthy()
  await leave()
  expect(await screen.findByText('there')).toBeTruthy()
})

test('what follows a save may leave at once', async () => {
  const left = vi.fn()
  const page = await show(
    <NameForm
      save={() => Promise.resolve()}
      onSaved={() => {
        left()
        void page.leave()
      }}
    />,
  )
  await userEvent.type(field(), '!')
  await userEvent.click(button())
  await waitFor(() => expect(screen.getByText('there')).toBeTruthy())
  expect(left).toHaveBeenCalledOnce()
})

test('an empty required field never reaches the server', async () => {
  const save = vi.fn(() => Promise.resolve())
  await show(<NameForm save={save} />)
  await userEvent.clear(field())
  await userEvent.click(button())
  expect(await screen.findByText('Fill this in.')).toBeTruthy()
  expect(save).not.toHaveBeenCalled()
})

test('renamed follows the server’s paths', () => {
  const names = { closing_results: 'results', look: '', dialog_limit: 'limit' }
  const renamedKeys = (...keys: string[]) =>
    Object.keys(renamed(Object.fromEntries(keys.map((key) => [key, 'x'])), names))
  expect(
    renamedKeys('closing_results.0.label', 'look.title.en', 'dialog_limit', 'items[2].unit_price'),
  ).toEqual(['results.0.label', 'title.en', 'limit', 'items.2.unit_price'])
})

test('someone else’s change is either shown or written over, as the person says', async () => {
  const how: boolean[] = []
  const reload = vi.fn()
  function Both() {
    const form = useForm({ initialValues: { name: 'Bakery' } })
    return (
      <Form
        form={form}
        submit="Save"
        onReload={reload}
        onSubmit={(_, { overwrite }) => {
          how.push(overwrite)
          return overwrite
            ? Promise.resolve()
            : Promise.reject(new ApiError({ code: 'version_conflict' }, 409))
        }}
      >
        <TextInput label="Name" {...form.getInputProps('name')} />
      </Form>
    )
  }
  await show(<Both />)
  await userEvent.type(field(), '!')
  await userEvent.click(button())
  await userEvent.click(await screen.findByRole('button', { name: 'Show their version' }))
  expect(reload).toHaveBeenCalledOnce()
  await userEvent.click(screen.getByRole('button', { name: 'Save mine instead' }))
  expect(await screen.findByText('Saved')).toBeTruthy()
  expect(how).toEqual([false, true])
})

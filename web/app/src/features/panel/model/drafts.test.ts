import { describe, expect, test } from 'vitest'
import { Drafts, emptyDraft } from './drafts'
import { memoryStore } from './store'

const prefix = 'draft.1.7.'

describe('Drafts', () => {
  test('survives a reload, per dialog', () => {
    const store = memoryStore()
    new Drafts(store, prefix, () => 5).put('a', { text: 'Good morning', kind: 'note' })
    const again = new Drafts(store, prefix, () => 6)
    expect(again.of('a')).toMatchObject({ text: 'Good morning', kind: 'note' })
    expect(again.of('b')).toEqual(emptyDraft)
  })

  test('an empty one leaves nothing behind', () => {
    const store = memoryStore()
    const drafts = new Drafts(store, prefix)
    drafts.put('a', { text: 'x' })
    drafts.put('a', { text: ' ' })
    expect(store.keys()).toEqual([])
  })

  test('what was refused comes back before what was typed since', () => {
    const drafts = new Drafts(memoryStore(), prefix)
    drafts.put('a', { text: 'third' })
    const refused = { kind: 'reply' as const, attachments: [], replyTo: null }
    drafts.giveBack('a', [
      { ...refused, text: 'first', replyTo: 'm-1' },
      { ...refused, text: 'second' },
    ])
    expect(drafts.of('a')).toMatchObject({ text: 'first\nsecond\nthird', replyTo: 'm-1' })
  })

  test('broken and old ones are swept at the start, foreign keys stay', () => {
    const store = memoryStore()
    store.set(`${prefix}a`, '{broken')
    store.set(`${prefix}b`, JSON.stringify({ ...emptyDraft, text: 'old', at: 0 }))
    store.set('other', '1')
    new Drafts(store, prefix, () => 31 * 24 * 3_600_000)
    expect(store.keys()).toEqual(['other'])
  })

  test('another tab writes', () => {
    const store = memoryStore()
    const here = new Drafts(store, prefix)
    expect(here.of('a').text).toBe('')
    new Drafts(store, prefix).put('a', { text: 'from there' })
    let told = 0
    here.subscribe(() => told++)
    here.changedElsewhere(`${prefix}a`)
    here.changedElsewhere('other')
    expect(here.of('a').text).toBe('from there')
    expect(told).toBe(1)
  })
})

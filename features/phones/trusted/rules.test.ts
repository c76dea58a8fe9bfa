import { describe, expect, test } from 'vitest'
import type { Contact } from '#features/cases/particulars/rules.ts'
import { addMilliseconds, DAY } from '#lib/time.ts'
import { contactsFor, isSecretShown, isUndoable, readTrusted, type SentFor } from './rules.ts'

describe('the form with which an owner names a person', () => {
  const typed = { trustedName: 'Trần  Văn Nam', trustedContact: '0912 000 226', trustedOwner: 'chị Tuyết' }

  test('is read with the number as it is kept', () => {
    expect(readTrusted(typed).value).toEqual({
      ...{ name: 'Trần Văn Nam', owner: 'chị Tuyết' },
      contact: { kind: 'phone', value: '+84912000226' },
    })
  })

  test('names each thing that is missing beside its own field', () => {
    expect(readTrusted({}).faults).toEqual({
      trustedName: 'phones.trusted_name',
      trustedOwner: 'phones.trusted_owner',
      trustedContact: 'phones.trusted_contact',
    })
    expect(readTrusted({ ...typed, trustedName: 'a'.repeat(41) }).faults).toEqual({
      trustedName: 'phones.too_long',
    })
  })
})

describe('the contacts that a report is sent with', () => {
  const lost: Contact = { kind: 'phone', value: '+84912000001' }
  const other: Contact = { kind: 'phone', value: '+84912000002' }
  const mail: Contact = { kind: 'email', value: 'tuyet@example.vn' }

  test('leave out the number of the lost phone, which is in other hands', () => {
    expect(contactsFor([lost, mail], lost.value)).toEqual([mail])
    expect(contactsFor([lost, other], lost.value)).toEqual([other])
  })

  test('are the lost number where there is nothing else, so that its owner can still be asked for another', () => {
    expect(contactsFor([lost], lost.value)).toEqual([lost])
  })

  test('are one of each kind, in the order of the report’s form', () => {
    expect(contactsFor([mail, other], null)).toEqual([other, mail])
    expect(contactsFor([], null)).toBeNull()
  })
})

test('a report is undone within a day, once, and its secret code is shown for a week', () => {
  const at = new Date('2026-12-01T03:00:00Z')
  const sent: SentFor = {
    ...{ caseId: 'c', number: 'HCM-1', secret: 's', by: { id: 't', name: 'Nam' }, at: at.toISOString() },
  }
  expect(isUndoable(sent, addMilliseconds(at, DAY - 1))).toBe(true)
  expect(isUndoable(sent, addMilliseconds(at, DAY))).toBe(false)
  expect(isUndoable({ ...sent, undoneAt: at.toISOString() }, at)).toBe(false)
  expect(isSecretShown(sent, addMilliseconds(at, 7 * DAY - 1))).toBe(true)
  expect(isSecretShown(sent, addMilliseconds(at, 7 * DAY))).toBe(false)
})

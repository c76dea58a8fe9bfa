import { describe, expect, it } from 'vitest'
import { err, ok } from '#lib/result.ts'
import { readCarrierContact } from './rules.ts'

const typed = {
  contactName: '  Trần Văn  Bình ',
  contactEmail: 'Truc@NOC.example.vn',
  contactPhone: '0912 345 678',
}

describe('a contact', () => {
  it('is kept as it is written everywhere else', () => {
    expect(readCarrierContact(typed)).toEqual(
      ok({ name: 'Trần Văn Bình', email: 'Truc@noc.example.vn', phone: '+84912345678' }),
    )
  })

  it.each([
    ['(028) 3822 1234', '02838221234'],
    ['198', '198'],
    ['1800 8098', '18008098'],
    ['+44 20 7946 0018', '+442079460018'],
  ])('may be reached at a desk: %s', (contactPhone, phone) => {
    expect(readCarrierContact({ ...typed, contactPhone })).toMatchObject(ok({ phone }))
  })

  it('names every faulty field', () => {
    const faulty = { contactName: '', contactEmail: 'a@b.vn, c@d.vn', contactPhone: 'gọi Lan' }
    expect(readCarrierContact(faulty)).toEqual(
      err({ contactName: 'name_empty', contactEmail: 'email_format', contactPhone: 'phone_format' }),
    )
    expect(readCarrierContact({ ...typed, contactPhone: ' ' })).toMatchObject({
      error: { contactPhone: 'phone_empty' },
    })
  })
})

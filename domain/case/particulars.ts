/** Everything personal in a case. It is stored only sealed under the case's own key. */
export interface Particulars {
  readonly fullName: string
  readonly idKind: 'cccd' | 'passport'
  readonly nationalId: string
  readonly contact: Contact
  readonly address: string
  readonly place: string
  readonly story: string
  readonly serialNumber: string
  /** E.164, of the lost phone. */
  readonly phoneNumbers: readonly string[]
}

/** Where messages reach the citizen now that the phone is gone. */
export interface Contact {
  readonly kind: 'email' | 'phone'
  /** An e-mail address, or E.164. */
  readonly value: string
}

/** Words that came with an event: the citizen reads `message`; `reason` and `note` are for police alone. */
export interface EventWords {
  readonly message?: string
  readonly reason?: string
  readonly note?: string
}

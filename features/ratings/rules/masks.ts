/** The words that stand in a comment instead of a person's data. They read as part of the text, which is Vietnamese. */
export const MASKS = {
  phone: '[số điện thoại]',
  document: '[số giấy tờ]',
  email: '[e-mail]',
  name: '[tên người]',
  plate: '[biển số xe]',
  imei: '[số IMEI]',
  reference: '[số hồ sơ]',
  number: '[dãy số]',
  address: '[địa chỉ]',
  birth: '[ngày sinh]',
  link: '[trang cá nhân]',
  company: '[tên công ty]',
} as const
export type PersonalKind = keyof typeof MASKS

/** Personal data in a text: from a place in it to another. */
export interface Found {
  readonly start: number
  readonly end: number
  readonly kind: PersonalKind
}

const forms = {
  vi: new Intl.NumberFormat('vi-VN', { style: 'percent', maximumFractionDigits: 0 }),
  en: new Intl.NumberFormat('en-GB', { style: 'percent', maximumFractionDigits: 0 }),
}

/** Returns a share in whole per cent: its interval is never so narrow that more would mean anything. */
export const percent = (locale: 'vi' | 'en', share: number): string => forms[locale].format(share)

const wholes = { vi: new Intl.NumberFormat('vi-VN'), en: new Intl.NumberFormat('en-GB') }

/** Returns a number of people, as the page's language writes it. */
export const people = (locale: 'vi' | 'en', count: number): string => wholes[locale].format(count)

/** Writes a day (`YYYY-MM-DD`) as a chart has room for: 28/11 in Vietnamese, 28 Nov in English. */
export const formatDay = (locale: string, day: string): string =>
  locale === 'en'
    ? new Date(`${day}T12:00:00Z`).toLocaleDateString('en-GB', {
        day: 'numeric',
        month: 'short',
        timeZone: 'UTC',
      })
    : `${day.slice(8, 10)}/${day.slice(5, 7)}`

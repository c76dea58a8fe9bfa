import { getLocale, getTranslations } from 'next-intl/server'
import { sentFrom } from '#messages/sender.ts'
import { PHOTO_WORDS, type PhotoWords } from './device-words.ts'
import { PhotoReader } from './photo-reader.tsx'

/**
 * Renders the photo reader above the form's fields: a photo of the box label or the `*#06#` screen is read in the browser.
 * As `proof` the photo is sent to `action` once one of its numbers is used; in a `check` it is not sent. Without a script
 * there are only the fields.
 */
export async function ImeiPhoto({
  purpose = 'proof',
  action = '/api/evidence',
}: {
  readonly purpose?: 'proof' | 'check'
  readonly action?: string
}) {
  const [locale, t, check] = await Promise.all([
    getLocale(),
    getTranslations('report.photo'),
    getTranslations('check.photo'),
  ])
  const say = (key: (typeof PHOTO_WORDS)[number]): string =>
    purpose === 'check' && check.has(key as 'take') ? check.raw(key as 'take') : t.raw(key)
  const words = Object.fromEntries(PHOTO_WORDS.map((key) => [key, say(key)])) as unknown as PhotoWords
  return purpose === 'check' ? (
    <PhotoReader
      words={words}
      fields={['imei', 'imei2']}
      action={null}
      ask={{ one: check('askOne'), both: check('askBoth') }}
    />
  ) : (
    <PhotoReader
      words={words}
      fields={['imei1', 'imei2', 'imei3', 'imei4']}
      action={sentFrom(locale, action)}
    />
  )
}

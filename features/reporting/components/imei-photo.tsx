import { getLocale, getTranslations } from 'next-intl/server'
import { sentFrom } from '#messages/sender.ts'
import { PhotoReader } from './photo-reader.tsx'
import { PHOTO_WORDS, type PhotoWords } from './photo-words.ts'

/**
 * Renders the way to IMEIs by a photo of the box label or of the `*#06#` screen, above the fields `imei1`…`imei4` of the
 * same form. It is read in the browser; once a number of it is used, the photo goes to `action`, as the first proof.
 * Without a script there is only the typing.
 */
export async function ImeiPhoto({ action = '/api/evidence' }: { readonly action?: string }) {
  const [locale, t] = await Promise.all([getLocale(), getTranslations('report.photo')])
  const words = Object.fromEntries(PHOTO_WORDS.map((key) => [key, t.raw(key)])) as unknown as PhotoWords
  return <PhotoReader words={words} action={sentFrom(locale, action)} />
}

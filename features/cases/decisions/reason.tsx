import { getLocale, getTranslations } from 'next-intl/server'
import { Icon } from '#components/ui/icon.tsx'
import { languageOf, readyText, reasonRead } from '#messages/ready-text.ts'
import type { Locale } from '#messages/routing.ts'
import { type Move, ruleOf } from '../moves/rules.ts'
import type { DecisionForm as Button } from '../moves/spec-rules.ts'
import { asksForCheck } from '../proof/rules.ts'
import { ReasonFields, type ReasonFieldsProps } from './reason-fields.tsx'
import { moveReasons } from './rules.ts'

export async function Reason({
  move,
  warning,
  readers,
  snippets,
  otherSides = false,
}: {
  readonly move: Move
  readonly warning: Button['warning']
  readonly readers: readonly Locale[]
  readonly snippets: ReasonFieldsProps['snippets']
  /** The readers are the people whose claims the move does not uphold. */
  readonly otherSides?: boolean
}) {
  const [t, locale] = await Promise.all([getTranslations('case-staff'), getLocale()])
  const isPublic = otherSides || ruleOf(move).textIsPublic === true
  const desk = languageOf(locale)
  const reader = !isPublic || readers.includes(desk) ? desk : (readers[0] ?? desk)
  const inBoth = (say: (one: Locale) => string | undefined) => {
    const [vi, en] = [say('vi'), say('en')]
    return vi !== undefined && en !== undefined ? { vi, en } : null
  }
  const reasons = moveReasons(move).map((value) => ({
    value,
    label: t(`code.${value}` as 'code.other'),
    text: inBoth((one) => readyText(move, value, one)),
    said: inBoth((one) => reasonRead(otherSides ? 'other_claim' : value, one)),
  }))
  // The checklist's answers use the three keys before it.
  const shortcut = asksForCheck(move) ? '4' : undefined
  return (
    <ReasonFields
      reasons={reasons}
      shortcut={shortcut}
      snippets={snippets}
      language={reader}
      isPublic={isPublic}
      rows={isPublic ? 4 : 2}
      words={{
        code: t('decision.code'),
        none: t('decision.code_none'),
        label: t(isPublic ? 'decision.reason_public' : 'decision.reason'),
        hint:
          isPublic || warning || reasons.length === 0 ? (
            <>
              {t(isPublic ? 'decision.code_hint' : 'decision.reason_hint')}
              {warning ? (
                <span className="mt-2 flex gap-2 rounded-part bg-saffron-wash px-3 py-2 text-ink">
                  <span className="mt-0.5 text-saffron-deep">
                    <Icon name="alert" size={18} />
                  </span>
                  {t(`decision.${warning}`)}
                </span>
              ) : null}
            </>
          ) : undefined,
        preview: t(otherSides ? 'uphold.preview' : 'decision.preview'),
        vi: t('decision.preview_vi'),
        en: t('decision.preview_en'),
        own: t('decision.preview_own'),
        snippet: t('decision.snippet'),
        snippetNone: t('decision.snippet_none'),
        sent: t(new Set(readers).size > 1 ? 'uphold.preview_sent_each' : `decision.preview_sent_${reader}`),
      }}
    />
  )
}

import { getTranslations } from 'next-intl/server'
import { Select } from '#components/form/choices.tsx'
import { FileField, type FileWords } from '#components/form/file-field.tsx'
import { MAX_FILE_BYTES, MAX_FILES } from './limits-rules.ts'
import { ACCEPTED, EVIDENCE_KINDS, type EvidenceKind } from './rules.ts'

/** Renders the fields `evidenceKind` and `evidence`, for a PostForm with `encoding="multipart"`. */
export async function EvidenceFields({
  kindAsked = true,
  optional = false,
  stored = 0,
  kinds = EVIDENCE_KINDS,
}: {
  /** Files only, without the question what they show: for a reply. */
  readonly kindAsked?: boolean
  readonly optional?: boolean
  /** The number of files that were sent already, out of those allowed. */
  readonly stored?: number
  /** The things that a file may show, the first chosen already. */
  readonly kinds?: readonly EvidenceKind[]
}) {
  const t = await getTranslations('evidence')
  const left = MAX_FILES - stored
  // The two with a slot are filled in by the browser.
  const words: FileWords = {
    pick: t('field.pick'),
    pickOthers: t('field.pickOthers'),
    chosen: t('field.chosen'),
    drop: t('field.drop'),
    dropWhich: t.raw('field.dropWhich'),
    tooLarge: t('field.tooLarge'),
    tooMany: stored === 0 ? t('field.tooMany') : t('field.tooManyLeft', { left }),
    sending: t.raw('field.sending'),
    checking: t('field.checking'),
    broken: t('field.broken'),
    away: t('field.away'),
  }
  return (
    <>
      {kindAsked ? (
        <Select
          name="evidenceKind"
          label={t('kind.label')}
          options={kinds.map((kind) => ({ value: kind, label: t(`kind.${kind}`) }))}
        />
      ) : null}
      <FileField
        name="evidence"
        label={t('field.label')}
        hint={
          stored === 0 ? (
            t('field.hint')
          ) : (
            <>
              <p className="font-semibold text-ink">{t('field.left', { stored, left })}</p>
              <p>{t('field.hint')}</p>
            </>
          )
        }
        optional={optional}
        accept={ACCEPTED}
        maxFiles={left}
        maxBytes={MAX_FILE_BYTES}
        words={words}
      />
    </>
  )
}

import { getTranslations } from 'next-intl/server'
import { Select } from '#components/form/choices.tsx'
import { FileField, type FileWords } from '#components/form/file-field.tsx'
import { MAX_FILE_BYTES, MAX_FILES } from './limits-rules.ts'
import { ACCEPTED, EVIDENCE_KINDS, type EvidenceKind } from './rules.ts'

export async function EvidenceFields({
  kindAsked = true,
  optional = false,
  stored = 0,
  kinds = EVIDENCE_KINDS,
}: {
  /** False for a reply, which asks only for files and not for what they show. */
  readonly kindAsked?: boolean
  readonly optional?: boolean
  /** How many of the allowed files were already sent. */
  readonly stored?: number
  /** The kinds of proof that a file may show; the first is preselected. */
  readonly kinds?: readonly EvidenceKind[]
}) {
  const t = await getTranslations('evidence')
  const left = MAX_FILES - stored
  // The two raw messages have a placeholder that the browser fills in.
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

import { getTranslations } from 'next-intl/server'
import { Select } from '#components/form/choices.tsx'
import { FileField, type FileWords } from '#components/form/file-field.tsx'
import { EVIDENCE_KINDS, type EvidenceKind } from '#domain/evidence/kind.ts'
import { MAX_FILE_BYTES, MAX_FILES } from '#domain/evidence/limits.ts'
import { ACCEPTED } from '#domain/evidence/media-type.ts'

export interface EvidenceFieldsProps {
  /** Files only, without the question what they show: for a reply. */
  readonly kindAsked?: boolean
  readonly optional?: boolean
  /** What a file may show, the first chosen already. */
  readonly kinds?: readonly EvidenceKind[]
}

/** The fields `evidenceKind` and `evidence`, for a PostForm with `encoding="multipart"`. */
export async function EvidenceFields({
  kindAsked = true,
  optional = false,
  kinds = EVIDENCE_KINDS,
}: EvidenceFieldsProps) {
  const t = await getTranslations('evidence')
  // The two with a slot are filled in by the browser.
  const words: FileWords = {
    chosen: t('field.chosen'),
    drop: t('field.drop'),
    dropWhich: t.raw('field.dropWhich'),
    tooLarge: t('field.tooLarge'),
    tooMany: t('field.tooMany'),
    sending: t.raw('field.sending'),
    checking: t('field.checking'),
    broken: t('field.broken'),
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
        hint={t('field.hint')}
        optional={optional}
        accept={ACCEPTED}
        maxFiles={MAX_FILES}
        maxBytes={MAX_FILE_BYTES}
        words={words}
      />
    </>
  )
}

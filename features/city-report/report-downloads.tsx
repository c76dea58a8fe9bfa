import { getTranslations } from 'next-intl/server'
import { Details } from '#components/ui/details.tsx'
import { Time } from '#components/ui/time.tsx'
import type { Instant } from '#lib/time.ts'

const FILES = ['vi.pdf', 'en.pdf', 'vi.xlsx', 'en.xlsx', 'data.json'] as const

/** Renders a ready report's files with the hash of the frozen data. `name` tells screen readers which report they belong to. */
export async function ReportDownloads({
  id,
  name,
  sha256,
  files,
  redrawnAt,
}: {
  readonly id: string
  readonly name: string
  readonly sha256: string | null
  /** SHA-256 of each file as last drawn, by its name. */
  readonly files: Readonly<Record<string, string>> | null
  readonly redrawnAt: Instant | null
}) {
  const t = await getTranslations('survey-report')
  return (
    <div className="space-y-3">
      <ul className="flex flex-wrap gap-x-3 gap-y-2">
        {FILES.map((file) => (
          <li key={file}>
            <a
              className="button"
              data-look="quiet"
              data-size="small"
              href={`/api/survey/reports/${id}/${file}`}
            >
              {t(`file.${file.replace('.', '_') as 'vi_pdf'}`)}
              <span className="sr-only"> {name}</span>
            </a>
          </li>
        ))}
      </ul>
      <ReportHash sha256={sha256} />
      {redrawnAt === null ? null : (
        <p className="text-sm text-soft">
          {t('redrawnAt')} <Time at={redrawnAt} />
        </p>
      )}
      {files === null ? null : (
        <Details summary={t('fileHashes')}>
          <ul className="text-sm text-soft">
            {Object.entries(files).map(([file, hash]) => (
              <li key={file}>
                {file}: <code className="break-all">{hash}</code>
              </li>
            ))}
          </ul>
        </Details>
      )}
    </div>
  )
}

export function ReportHash({ sha256 }: { readonly sha256: string | null }) {
  if (sha256 === null) return null
  return (
    <p className="text-sm text-soft">
      SHA-256: <code className="break-all">{sha256}</code>
    </p>
  )
}

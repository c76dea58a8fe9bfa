import { getTranslations } from 'next-intl/server'

const FILES = ['vi.pdf', 'en.pdf', 'vi.xlsx', 'en.xlsx', 'data.json'] as const

/** A ready report's files, with what the frozen data's hash is. `name` tells a screen reader whose they are. */
export async function ReportDownloads({
  id,
  name,
  sha256,
}: {
  readonly id: string
  readonly name: string
  readonly sha256: string | null
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
              download
            >
              {t(`file.${file.replace('.', '_') as 'vi_pdf'}`)}
              <span className="sr-only"> {name}</span>
            </a>
          </li>
        ))}
      </ul>
      <ReportHash sha256={sha256} />
    </div>
  )
}

/** What is printed on the report, and can be asked of. */
export function ReportHash({ sha256 }: { readonly sha256: string | null }) {
  if (sha256 === null) return null
  return (
    <p className="text-[0.85rem] text-soft">
      SHA-256: <code className="break-all">{sha256}</code>
    </p>
  )
}

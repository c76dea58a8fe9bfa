import { getTranslations } from 'next-intl/server'
import { Tag } from '#components/ui/tag.tsx'
import { displayName, type KnownDevice as Known } from '#lib/imei/device.ts'
import { describePhone, type PhoneAnswers } from './phone-rules.ts'

/** Shows under an IMEI which phone it belongs to, and whether that matches the typed one. */
export async function KnownDeviceNote({
  device,
  typed,
}: {
  /** The TAC table's answer for the kept IMEI; null if there is none. */
  readonly device: Known | null
  readonly typed: Pick<PhoneAnswers, 'brand' | 'model'> | null
}) {
  if (device === null || typed === null) return null
  const t = await getTranslations('report.phone')
  const name = displayName(device.manufacturer, device.model)
  const { mismatch } = describePhone(typed, device)
  return (
    <div className="mt-2 space-y-1">
      <Tag tone={mismatch ? 'wait' : 'ok'} icon={mismatch ? 'alert' : 'check'}>
        {name}
      </Tag>
      <p className="text-sm text-soft">{t(mismatch ? 'mismatch' : 'known', { device: name })}</p>
    </div>
  )
}

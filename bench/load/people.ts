import type { ReportedParticulars } from '#features/cases/rules/particulars.ts'
import { NOTHING_WRITTEN } from '#features/reporting/rules/fields.ts'

const FAMILY = ['Nguyễn', 'Nguyễn', 'Nguyễn', 'Nguyễn', 'Trần', 'Trần', 'Lê', 'Phạm', 'Huỳnh', 'Võ', 'Đặng']
const MIDDLE = [
  'Thị',
  'Thị',
  'Văn',
  'Văn',
  'Minh',
  'Ngọc',
  'Quốc',
  'Thanh',
  'Hữu',
  'Kim',
  'Gia',
  'Bảo',
  'Thuỳ',
]
const GIVEN = [
  ...['An', 'Anh', 'Ánh', 'Bình', 'Châu', 'Chi', 'Cường', 'Dung', 'Dũng', 'Duy', 'Đạt', 'Đức', 'Giang', 'Hà'],
  ...['Hải', 'Hạnh', 'Hằng', 'Hiếu', 'Hoa', 'Hoàng', 'Hồng', 'Hùng', 'Hương', 'Khánh', 'Khoa', 'Lan', 'Linh'],
  ...[
    'Long',
    'Mai',
    'My',
    'Nam',
    'Nga',
    'Ngân',
    'Nhi',
    'Nhung',
    'Phúc',
    'Phương',
    'Quân',
    'Sơn',
    'Tâm',
    'Thảo',
  ],
  ...[
    'Thắng',
    'Thu',
    'Thuỷ',
    'Trang',
    'Trinh',
    'Trung',
    'Tú',
    'Tuấn',
    'Tùng',
    'Tuyết',
    'Uyên',
    'Vân',
    'Vy',
    'Yến',
  ],
]
const at = (list: readonly string[], n: number): string => list[n % list.length] as string

/** Makes a person who does not exist: names as common as in the city, everything else their own. */
export function personOf(n: number): ReportedParticulars {
  const serial = String(n % 10_000_000).padStart(7, '0')
  return {
    ...NOTHING_WRITTEN,
    fullName: `${at(FAMILY, n)} ${at(MIDDLE, Math.floor(n / 3))} ${at(GIVEN, Math.floor(n / 7))}`,
    idKind: 'cccd',
    nationalId: `079${n % 2}${String(60 + (n % 40)).padStart(2, '0')}${serial.slice(1)}`,
    contact: { kind: 'email', value: `nguoi.${n}@load.example` },
    address: `${(n % 900) + 1} Nguyễn Đình Chiểu`,
    place: 'Ngã tư Võ Thị Sáu – Pasteur',
    story: 'Hai người đi xe máy giật điện thoại khi tôi đang đứng chờ đèn đỏ.',
    phoneNumbers: [`+8490${serial}`],
  }
}

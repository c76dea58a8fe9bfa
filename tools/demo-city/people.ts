import type { ReportedParticulars } from '#features/cases/particulars/rules.ts'
import { NOTHING_WRITTEN } from '#features/reporting/fields/rules.ts'
import { DEMO } from './places.ts'

const FAMILY =
  'Nguyễn Nguyễn Nguyễn Nguyễn Trần Trần Lê Phạm Huỳnh Huỳnh Võ Đặng Bùi Phan Hồ Ngô Dương Trương Đỗ Lý'.split(
    ' ',
  )

/** Middle and given names that go together: men's, then women's. */
const NAMES = [
  [
    'Văn Minh Quốc Thanh Hữu Gia Đức Hoàng Anh Công Thành Tuấn Xuân'.split(' '),
    'An Bảo Bình Cường Dũng Duy Đạt Hải Hiếu Hoàng Hùng Huy Khánh Khoa Lâm Long Nam Nghĩa Phong Phúc Quân Sang Sơn Tài Tâm Thắng Thịnh Trí Trung Tuấn Tùng Vinh'.split(
      ' ',
    ),
  ],
  [
    'Thị Thị Thị Ngọc Kim Thanh Minh Thuỳ Mỹ Bảo Phương Hồng Diễm'.split(' '),
    'Anh Ánh Châu Chi Dung Giang Hà Hạnh Hằng Hoa Hồng Hương Lan Linh Mai My Nga Ngân Nhi Nhung Phương Quyên Tâm Thảo Thu Thuỷ Trang Trinh Tuyết Uyên Vân Vy Yến'.split(
      ' ',
    ),
  ],
] as const

const at = (list: readonly string[], n: number): string => list[n % list.length] as string

/** Returns a full name with realistic frequencies; even numbers are men's. */
export function nameOf(n: number): string {
  const [middle, given] = NAMES[n % 2 === 0 ? 0 : 1]
  const turn = Math.floor(n / 2)
  return `${at(FAMILY, turn * 7 + n)} ${at(middle, turn * 5 + Math.floor(turn / 13))} ${at(given, turn * 11 + Math.floor(turn / 32))}`
}

/** Makes a fictitious person with a common name and unique other data. */
export function personOf(n: number): ReportedParticulars {
  const serial = String(n % 10_000_000).padStart(7, '0')
  return {
    ...NOTHING_WRITTEN,
    fullName: nameOf(n),
    idKind: 'cccd',
    nationalId: `${DEMO.national_id}${n % 2}${String(60 + (n % 40)).padStart(2, '0')}${serial.slice(1)}`,
    contact: { kind: 'email', value: `nguoi.${n}@load.example` },
    address: `${(n % 900) + 1} ${DEMO.streets[0]}`,
    place: `Ngã tư ${DEMO.streets[0]} – ${DEMO.streets[1]}`,
    story: 'Hai người đi xe máy giật điện thoại khi tôi đang đứng chờ đèn đỏ.',
    phoneNumbers: [`+8490${serial}`],
  }
}

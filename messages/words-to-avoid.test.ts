import { expect, test } from 'vitest'
import { catalogue } from './catalogue.ts'
import type { Locale } from './routing.ts'

/** The parts that citizens read most: a misleading word there costs a distressed person. */
const PARTS = [
  ...['home', 'common', 'case', 'check', 'help', 'hotlines', 'privacy', 'personal-data'],
  ...['survey', 'survey-kiosk', 'survey-posters', 'results', 'figures', 'questions'],
]
/** The texts for two people in a dispute, whose sentences must be balanced. */
const OF_DISPUTES =
  /^case\.(need\.held|shared_said|act\.answer_|event\.(objecte?d?|objection_over|finding_over|shared_said|confirm_lift_shared|other_block))/

/** Words that readers do not know, that have two meanings, or that they misunderstand; beside each the one to write. */
const AVOID: Readonly<Record<Locale, readonly (readonly [RegExp, string])[]>> = {
  vi: [
    [/[Ll]iên lạc (này|đã|mới|của|chưa|nào|ấy)|cách liên lạc/, 'nơi nhận tin'],
    [/Kết thúc và xóa/, 'Xóa khỏi máy này'],
    [/[Mm]áy (che|tự đọc|không đọc|chỉ gợi ý|không quyết|còn ngờ)|do máy đọc|Máy đọc/, 'hệ thống'],
    [
      /(bạn|ông\/bà) (vẫn |còn )?(xin xem lại|trả lời|báo lại|giữ lại|làm tiếp|xin) (lại )?được/,
      'được …, có thể …',
    ],
    [/(xin xem|khiếu nại) ?(lại)? được một lần/, 'được xin xem lại một lần'],
    [/Cần gì ở bạn|Không cần gì/, 'Bạn cần làm gì?'],
    [/trong vòng 2 giờ/, 'chậm nhất 2 giờ sau'],
    [/[Mm]ở chặn tạm|[Cc]hặn tạm được mở/, 'bỏ chặn tạm'],
    [/[Hh]ai người của [Cc]ông an|người thứ hai của công an/, 'hai cán bộ công an'],
    [/[Nn]ếu bạn (đã )?đồng ý/, 'two texts: the page knows'],
    [/đứng một mình/, 'ra cùng ít nhất chín phiếu khác'],
    [/[Cc]òn thiếu \{count, number\}/, 'cần thêm'],
    [/Tra cứu/, 'Tìm hồ sơ'],
    [/biên nhận/, 'giấy tiếp nhận'],
    [/[Ss]ố giấy tờ|[Cc]ăn cước công dân/, 'số căn cước hoặc hộ chiếu'],
    [/[Ss]ố (SIM|thuê bao)/, 'số điện thoại trong máy'],
    [/[Cc]ơ quan chuyển lệnh/, 'cơ quan quản lý viễn thông'],
    [/[Đđ]ặt số IMEI/, 'ghi số IMEI'],
    [/mã băm|ngay tình|đôn đốc|nhân thân|[Tt]ạm giữ/, 'words of everybody'],
    [/[Mm]ã tạm|[Mm]ã dùng một lần/, 'mã 6 số'],
    [/[Vv]ui lòng|[Kk]ính thưa|[Qq]uý khách/, 'nothing'],
    [/\} %|[0-9] %/, 'no space before %'],
    [/công an thành phố/, 'Công an Thành phố'],
    [/[Tt]hư điện tử/, 'e-mail'],
    [/hồ sơ chạy/, 'công an xem nhanh hơn'],
  ],
  en: [
    [/End and clear/, 'Clear this device'],
    [/\b([Tt]he|its|your) secret\b(?! code)/, 'secret code'],
    [/(^|[.!?:] )Police (?!officers|file)/, 'The police'],
    [/the city police/, 'City Police'],
    [/\b[Ee]-mail/, 'email'],
    [/need not|need do nothing|\b[Ww]hom\b|\banew\b|\bMend\b/, 'do not need to, who, again, fix'],
    [/[Bb]lock(ed)? stands/, 'stays blocked'],
    [/\ban unblock\b/, 'unblocking'],
    [/write to you/, 'message you'],
    [/identity papers/, 'ID'],
    [/[a-z]'[a-z ]/, '’'],
    [/An Tam:/, 'An Tâm:'],
  ],
}

const texts = (part: object, path: string): [string, string][] =>
  Object.entries(part).flatMap(([key, value]) =>
    typeof value === 'string'
      ? // The names of values are not words.
        [[`${path}.${key}`, value.replaceAll(/\{(?!count)\w+(?=[,}])/g, '{')]]
      : texts(value, `${path}.${key}`),
  )

test.each(['vi', 'en'] as const)('what citizens read has no word that misleads them, in %s', (locale) => {
  const all = Object.entries(catalogue[locale])
    .filter(([part]) => PARTS.includes(part))
    .flatMap(([part, words]) => texts(words, part))
    .filter(([key]) => !OF_DISPUTES.test(key))
  expect(new Set(all.map(([key]) => key.split('.')[0])).size).toBe(PARTS.length)
  const faults = all.flatMap(([key, text]) =>
    AVOID[locale]
      .filter(([pattern]) => pattern.test(text))
      .map(([pattern, better]) => `${key}: ${pattern.exec(text)?.[0]} → ${better}`),
  )
  expect(faults).toEqual([])
})

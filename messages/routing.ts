import { defineRouting } from 'next-intl/routing'

export const locales = ['vi', 'en'] as const
export type Locale = (typeof locales)[number]
export const defaultLocale: Locale = 'vi'

export const isLocale = (value: string): value is Locale => locales.some((locale) => locale === value)

/**
 * Every page: the key is the folder under `app/[locale]`, the values are the public paths. For any other URL proxy.ts returns
 * 404. Each step of the report is a page of its own, so that its slug is translated.
 */
const pathnames = {
  '/': '/',
  '/report': { vi: '/bao-mat-may', en: '/report' },
  '/report/incident': { vi: '/bao-mat-may/su-viec', en: '/report/incident' },
  '/report/contact': { vi: '/bao-mat-may/lien-lac', en: '/report/contact' },
  '/report/phone': { vi: '/bao-mat-may/dien-thoai', en: '/report/phone' },
  '/report/evidence': { vi: '/bao-mat-may/giay-to', en: '/report/evidence' },
  '/report/person': { vi: '/bao-mat-may/nguoi-bao', en: '/report/person' },
  '/report/code': { vi: '/bao-mat-may/ma-xac-nhan', en: '/report/code' },
  '/report/review': { vi: '/bao-mat-may/xem-lai', en: '/report/review' },
  '/report/saved': { vi: '/bao-mat-may/da-luu', en: '/report/saved' },
  '/report/resume': { vi: '/bao-mat-may/tiep-tuc', en: '/report/resume' },
  '/report/receipt/[number]': { vi: '/bao-mat-may/bien-nhan/[number]', en: '/report/receipt/[number]' },
  '/track': { vi: '/ho-so', en: '/track' },
  '/track/find': { vi: '/ho-so/tim', en: '/track/find' },
  '/track/code': { vi: '/ho-so/nhan-ma', en: '/track/code' },
  '/track/ended': { vi: '/ho-so/da-ket-thuc', en: '/track/ended' },
  '/track/mine': { vi: '/ho-so/cua-toi', en: '/track/mine' },
  '/track/[number]': { vi: '/ho-so/[number]', en: '/track/[number]' },
  '/check': { vi: '/kiem-tra-imei', en: '/check' },
  '/check/watch': { vi: '/kiem-tra-imei/nhan-tin', en: '/check/watch' },
  '/rehearsal': { vi: '/dien-tap', en: '/rehearsal' },
  '/report-for': { vi: '/bao-giup', en: '/report-for' },
  '/my-phones': { vi: '/may-cua-toi', en: '/my-phones' },
  '/my-phones/[phone]': { vi: '/may-cua-toi/[phone]', en: '/my-phones/[phone]' },
  '/certificate': { vi: '/chung-nhan', en: '/certificate' },
  '/certificate/[code]': { vi: '/chung-nhan/[code]', en: '/certificate/[code]' },
  '/blocked': { vi: '/may-bi-chan', en: '/blocked' },
  '/blocked/object': { vi: '/may-bi-chan/khieu-nai', en: '/blocked/object' },
  '/blocked/object/proof': { vi: '/may-bi-chan/khieu-nai/bang-chung', en: '/blocked/object/proof' },
  '/blocked/object/person': { vi: '/may-bi-chan/khieu-nai/nguoi-giu-may', en: '/blocked/object/person' },
  '/blocked/object/code': { vi: '/may-bi-chan/khieu-nai/ma-xac-nhan', en: '/blocked/object/code' },
  '/blocked/object/review': { vi: '/may-bi-chan/khieu-nai/xem-lai', en: '/blocked/object/review' },
  '/blocked/object/resume': { vi: '/may-bi-chan/khieu-nai/tiep-tuc', en: '/blocked/object/resume' },
  '/blocked/follow': { vi: '/may-bi-chan/theo-doi', en: '/blocked/follow' },
  '/blocked/follow/contact': { vi: '/may-bi-chan/theo-doi/lien-lac', en: '/blocked/follow/contact' },
  '/blocked/follow/[number]': { vi: '/may-bi-chan/theo-doi/[number]', en: '/blocked/follow/[number]' },
  '/hand-in': { vi: '/nop-may', en: '/hand-in' },
  '/hand-in/[code]': { vi: '/nop-may/[code]', en: '/hand-in/[code]' },
  '/rate': { vi: '/danh-gia', en: '/rate' },
  '/rate/[agency]': { vi: '/danh-gia/[agency]', en: '/rate/[agency]' },
  '/rate/thanks/[receipt]': { vi: '/danh-gia/cam-on/[receipt]', en: '/rate/thanks/[receipt]' },
  '/results': { vi: '/ket-qua', en: '/results' },
  '/results/questions': { vi: '/ket-qua/cau-hoi', en: '/results/questions' },
  '/results/questions/[version]/[question]': {
    vi: '/ket-qua/cau-hoi/[version]/[question]',
    en: '/results/questions/[version]/[question]',
  },
  '/results/months/[month]': { vi: '/ket-qua/thang/[month]', en: '/results/months/[month]' },
  '/results/data': { vi: '/ket-qua/du-lieu', en: '/results/data' },
  '/results/archive': { vi: '/ket-qua/luu-tru', en: '/results/archive' },
  '/results/archive/[month]': { vi: '/ket-qua/luu-tru/[month]', en: '/results/archive/[month]' },
  '/results/method': { vi: '/ket-qua/cach-tinh', en: '/results/method' },
  '/results/[agency]/replies': {
    vi: '/ket-qua/[agency]/ban-noi-chung-toi-lam',
    en: '/results/[agency]/you-said-we-do',
  },
  '/results/[agency]/compare': { vi: '/ket-qua/[agency]/mot-trang', en: '/results/[agency]/one-page' },
  '/results/[agency]': { vi: '/ket-qua/[agency]', en: '/results/[agency]' },
  '/questions': { vi: '/cau-hoi', en: '/questions' },
  '/figures': { vi: '/so-lieu', en: '/figures' },
  '/ledger': { vi: '/minh-bach', en: '/ledger' },
  '/verify': { vi: '/xac-minh', en: '/verify' },
  '/first-hour': { vi: '/gio-dau', en: '/first-hour' },
  '/status': { vi: '/trang-thai', en: '/status' },
  '/hotlines': { vi: '/so-goi', en: '/hotlines' },
  '/help': { vi: '/hoi-dap', en: '/help' },
  '/privacy': { vi: '/quyen-rieng-tu', en: '/privacy' },
  '/accessibility': { vi: '/tro-nang', en: '/accessibility' },
  '/security': { vi: '/bao-lo-hong', en: '/security' },
  '/sign-in': { vi: '/dang-nhap', en: '/sign-in' },
  '/sign-in/passkey': { vi: '/dang-nhap/khoa-truy-cap', en: '/sign-in/passkey' },
  '/sign-in/invitation': { vi: '/dang-nhap/loi-moi', en: '/sign-in/invitation' },
  '/admin/recovery-codes': { vi: '/quan-tri/ma-du-phong', en: '/admin/recovery-codes' },
  '/admin': { vi: '/quan-tri', en: '/admin' },
  '/admin/waiting': { vi: '/quan-tri/viec-can-lam', en: '/admin/waiting' },
  '/admin/cases': { vi: '/quan-tri/ho-so', en: '/admin/cases' },
  '/admin/cases/new': { vi: '/quan-tri/ho-so/moi', en: '/admin/cases/new' },
  '/admin/cases/late': { vi: '/quan-tri/ho-so/tre-han', en: '/admin/cases/late' },
  '/admin/cases/import': { vi: '/quan-tri/ho-so/nhap', en: '/admin/cases/import' },
  '/admin/cases/import/[import]': {
    vi: '/quan-tri/ho-so/nhap/[import]',
    en: '/admin/cases/import/[import]',
  },
  '/admin/cases/unit': { vi: '/quan-tri/ho-so/don-vi', en: '/admin/cases/unit' },
  '/admin/cases/print': { vi: '/quan-tri/ho-so/in', en: '/admin/cases/print' },
  '/admin/cases/data': { vi: '/quan-tri/ho-so/yeu-cau-du-lieu', en: '/admin/cases/data-requests' },
  '/admin/cases/[number]': { vi: '/quan-tri/ho-so/[number]', en: '/admin/cases/[number]' },
  '/admin/cases/[number]/letters/[seq]': {
    vi: '/quan-tri/ho-so/[number]/giay/[seq]',
    en: '/admin/cases/[number]/letters/[seq]',
  },
  '/admin/cases/[number]/print': { vi: '/quan-tri/ho-so/[number]/in', en: '/admin/cases/[number]/print' },
  '/admin/orders': { vi: '/quan-tri/lenh', en: '/admin/orders' },
  '/admin/orders/bulk': { vi: '/quan-tri/lenh/nhieu-lenh', en: '/admin/orders/bulk' },
  '/admin/orders/letters': { vi: '/quan-tri/lenh/cong-van', en: '/admin/orders/letters' },
  '/admin/orders/letters/[letter]': {
    vi: '/quan-tri/lenh/cong-van/[letter]',
    en: '/admin/orders/letters/[letter]',
  },
  '/admin/orders/releases': { vi: '/quan-tri/lenh/dot-gui', en: '/admin/orders/releases' },
  '/admin/orders/releases/[release]': {
    vi: '/quan-tri/lenh/dot-gui/[release]',
    en: '/admin/orders/releases/[release]',
  },
  '/admin/orders/[order]': { vi: '/quan-tri/lenh/[order]', en: '/admin/orders/[order]' },
  '/admin/receivers': { vi: '/quan-tri/ngan-hang', en: '/admin/receivers' },
  '/admin/receivers/[receiver]': {
    vi: '/quan-tri/ngan-hang/[receiver]',
    en: '/admin/receivers/[receiver]',
  },
  '/admin/carriers': { vi: '/quan-tri/nha-mang', en: '/admin/carriers' },
  '/admin/carriers/[carrier]': { vi: '/quan-tri/nha-mang/[carrier]', en: '/admin/carriers/[carrier]' },
  '/admin/carriers/[carrier]/keys/[key]': {
    vi: '/quan-tri/nha-mang/[carrier]/khoa/[key]',
    en: '/admin/carriers/[carrier]/keys/[key]',
  },
  '/admin/carriers/[carrier]/orders': {
    vi: '/quan-tri/nha-mang/[carrier]/lenh',
    en: '/admin/carriers/[carrier]/orders',
  },
  '/admin/carriers/[carrier]/orders/[order]': {
    vi: '/quan-tri/nha-mang/[carrier]/lenh/[order]',
    en: '/admin/carriers/[carrier]/orders/[order]',
  },
  '/admin/carriers/[carrier]/figures': {
    vi: '/quan-tri/nha-mang/[carrier]/so-lieu',
    en: '/admin/carriers/[carrier]/figures',
  },
  '/admin/drills': { vi: '/quan-tri/dien-tap', en: '/admin/drills' },
  '/admin/drills/[drill]': { vi: '/quan-tri/dien-tap/[drill]', en: '/admin/drills/[drill]' },
  '/admin/carriers/[carrier]/reconciliations': {
    vi: '/quan-tri/nha-mang/[carrier]/doi-chieu',
    en: '/admin/carriers/[carrier]/reconciliations',
  },
  '/admin/carriers/[carrier]/reconciliations/[reconciliation]': {
    vi: '/quan-tri/nha-mang/[carrier]/doi-chieu/[reconciliation]',
    en: '/admin/carriers/[carrier]/reconciliations/[reconciliation]',
  },
  '/admin/recovery': { vi: '/quan-tri/tim-lai', en: '/admin/recovery' },
  '/admin/found': { vi: '/quan-tri/may-tim-duoc', en: '/admin/found' },
  '/admin/found/[phone]': { vi: '/quan-tri/may-tim-duoc/[phone]', en: '/admin/found/[phone]' },
  '/admin/found/uploads/[upload]': {
    vi: '/quan-tri/may-tim-duoc/tep/[upload]',
    en: '/admin/found/uploads/[upload]',
  },
  '/admin/objections': { vi: '/quan-tri/khieu-nai', en: '/admin/objections' },
  '/admin/objections/[objection]': {
    vi: '/quan-tri/khieu-nai/[objection]',
    en: '/admin/objections/[objection]',
  },
  '/admin/shop': { vi: '/quan-tri/cua-hang', en: '/admin/shop' },
  '/admin/shop/book': { vi: '/quan-tri/cua-hang/so', en: '/admin/shop/book' },
  '/admin/survey': { vi: '/quan-tri/khao-sat', en: '/admin/survey' },
  '/admin/survey/invitations': {
    vi: '/quan-tri/khao-sat/thu-moi',
    en: '/admin/survey/invitations',
  },
  '/admin/survey/volumes': { vi: '/quan-tri/khao-sat/so-ho-so', en: '/admin/survey/volumes' },
  '/admin/survey/comments': { vi: '/quan-tri/khao-sat/y-kien', en: '/admin/survey/comments' },
  '/admin/survey/comments/answer': {
    vi: '/quan-tri/khao-sat/y-kien/tra-loi',
    en: '/admin/survey/comments/answer',
  },
  '/admin/survey/comments/held': {
    vi: '/quan-tri/khao-sat/y-kien/can-xem',
    en: '/admin/survey/comments/held',
  },
  '/admin/survey/comments/replies': {
    vi: '/quan-tri/khao-sat/y-kien/da-cong-bo',
    en: '/admin/survey/comments/replies',
  },
  '/admin/survey/comments/replies/[reply]': {
    vi: '/quan-tri/khao-sat/y-kien/da-cong-bo/[reply]',
    en: '/admin/survey/comments/replies/[reply]',
  },
  '/admin/survey/comments/agencies/[agency]': {
    vi: '/quan-tri/khao-sat/y-kien/co-quan/[agency]',
    en: '/admin/survey/comments/agencies/[agency]',
  },
  '/admin/survey/comments/agencies/[agency]/[comment]': {
    vi: '/quan-tri/khao-sat/y-kien/co-quan/[agency]/[comment]',
    en: '/admin/survey/comments/agencies/[agency]/[comment]',
  },
  '/admin/survey/kiosks': { vi: '/quan-tri/khao-sat/may-danh-gia', en: '/admin/survey/kiosks' },
  '/admin/survey/kiosks/[kiosk]': {
    vi: '/quan-tri/khao-sat/may-danh-gia/[kiosk]',
    en: '/admin/survey/kiosks/[kiosk]',
  },
  '/admin/survey/exclusions': { vi: '/quan-tri/khao-sat/phieu-loai', en: '/admin/survey/exclusions' },
  '/admin/survey/exclusions/[exclusion]': {
    vi: '/quan-tri/khao-sat/phieu-loai/[exclusion]',
    en: '/admin/survey/exclusions/[exclusion]',
  },
  '/admin/survey/export': { vi: '/quan-tri/khao-sat/du-lieu', en: '/admin/survey/export' },
  '/admin/survey/questionnaires': {
    vi: '/quan-tri/khao-sat/bo-cau-hoi',
    en: '/admin/survey/questionnaires',
  },
  '/admin/survey/agencies': { vi: '/quan-tri/khao-sat/co-quan', en: '/admin/survey/agencies' },
  '/admin/survey/agencies/change': {
    vi: '/quan-tri/khao-sat/co-quan/thay-doi',
    en: '/admin/survey/agencies/change',
  },
  '/admin/survey/agencies/preview': {
    vi: '/quan-tri/khao-sat/co-quan/xem-truoc',
    en: '/admin/survey/agencies/preview',
  },
  '/admin/survey/agencies/[agency]': {
    vi: '/quan-tri/khao-sat/co-quan/[agency]',
    en: '/admin/survey/agencies/[agency]',
  },
  '/admin/survey/questionnaires/[version]': {
    vi: '/quan-tri/khao-sat/bo-cau-hoi/[version]',
    en: '/admin/survey/questionnaires/[version]',
  },
  '/admin/survey/questionnaires/[version]/add': {
    vi: '/quan-tri/khao-sat/bo-cau-hoi/[version]/them-cau-hoi',
    en: '/admin/survey/questionnaires/[version]/add',
  },
  '/admin/survey/questionnaires/[version]/preview': {
    vi: '/quan-tri/khao-sat/bo-cau-hoi/[version]/xem-thu',
    en: '/admin/survey/questionnaires/[version]/preview',
  },
  '/admin/survey/questionnaires/[version]/publish': {
    vi: '/quan-tri/khao-sat/bo-cau-hoi/[version]/cong-bo',
    en: '/admin/survey/questionnaires/[version]/publish',
  },
  '/admin/survey/questionnaires/[version]/trial': {
    vi: '/quan-tri/khao-sat/bo-cau-hoi/[version]/dung-thu',
    en: '/admin/survey/questionnaires/[version]/trial',
  },
  '/admin/survey/questionnaires/[version]/questions/[question]': {
    vi: '/quan-tri/khao-sat/bo-cau-hoi/[version]/cau-hoi/[question]',
    en: '/admin/survey/questionnaires/[version]/questions/[question]',
  },
  '/admin/survey/suggestions': { vi: '/quan-tri/khao-sat/gop-y', en: '/admin/survey/suggestions' },
  '/admin/survey/suggestions/[suggestion]': {
    vi: '/quan-tri/khao-sat/gop-y/[suggestion]',
    en: '/admin/survey/suggestions/[suggestion]',
  },
  '/admin/survey/report': { vi: '/quan-tri/khao-sat/bao-cao', en: '/admin/survey/report' },
  '/admin/survey/report/[report]': {
    vi: '/quan-tri/khao-sat/bao-cao/[report]',
    en: '/admin/survey/report/[report]',
  },
  '/admin/my-account': { vi: '/quan-tri/tai-khoan-cua-toi', en: '/admin/my-account' },
  '/admin/accounts/[account]': { vi: '/quan-tri/tai-khoan/[account]', en: '/admin/accounts/[account]' },
  '/admin/approvals': { vi: '/quan-tri/xac-nhan', en: '/admin/approvals' },
  '/admin/accounts': { vi: '/quan-tri/tai-khoan', en: '/admin/accounts' },
  '/admin/messages': { vi: '/quan-tri/tin-gui', en: '/admin/messages' },
  '/admin/health': { vi: '/quan-tri/tinh-trang', en: '/admin/health' },
  '/admin/health/figures': { vi: '/quan-tri/tinh-trang/so-lieu', en: '/admin/health/figures' },
  '/admin/health/jobs': { vi: '/quan-tri/tinh-trang/viec-hong', en: '/admin/health/jobs' },
  '/admin/audit': { vi: '/quan-tri/nhat-ky', en: '/admin/audit' },
  '/admin/audit/entries/[entry]': {
    vi: '/quan-tri/nhat-ky/dong/[entry]',
    en: '/admin/audit/entries/[entry]',
  },
  '/admin/audit/cases/[number]': {
    vi: '/quan-tri/nhat-ky/ho-so/[number]',
    en: '/admin/audit/cases/[number]',
  },
} as const

export type Pathname = keyof typeof pathnames

/**
 * `as-needed`: Vietnamese has no prefix, English has `/en`. The language is never guessed from a header, so that a link always
 * leads to the same page.
 */
export const routing = defineRouting({
  locales,
  defaultLocale,
  localePrefix: 'as-needed',
  localeDetection: false,
  localeCookie: false,
  alternateLinks: false,
  pathnames,
})

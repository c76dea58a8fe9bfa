import '#server-only'
import { publicKioskWeeks } from '../repository/figures.ts'

/** Returns everything that is public of the answers given at kiosks, by week, agency and question. */
export const kioskWeeks = () => publicKioskWeeks()

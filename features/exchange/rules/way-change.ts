import type { Instant } from '#lib/time.ts'
import { type DeliveryWay, wayOf } from './ways.ts'

/** The number of lines and letters under way to a carrier. */
export interface WayStanding {
  /** Lines without an acknowledgement; those of them that are in letters; and letters that are not handed over yet. */
  readonly pending: number
  readonly lettered: number
  readonly notHanded: number
  /** Orders that it has received, without a result. */
  readonly unanswered: number
  readonly keys: number
  /** The hour in which a live key was last used. */
  readonly keyUsedAt: Instant | null
}

/** Returns what happens to orders under way when lines go another way: keys of `delivery.effect`, the gravest first. */
export type WayEffect =
  | 'again_on_paper'
  | 'keys_rest'
  | 'results_stay'
  | 'again_by_interface'
  | 'letters_void'
  | 'go_on'

/** Returns the effects of a change; none where the way stays. */
export function effectsOf(from: DeliveryWay, to: DeliveryWay, standing: WayStanding): WayEffect[] {
  if (from === to) return []
  const paper = { from: wayOf(from).answers === 'paper', to: wayOf(to).answers === 'paper' }
  const { pending, lettered, notHanded, unanswered, keys } = standing
  const effects: [WayEffect, boolean][] = [
    ['keys_rest', paper.to && keys > 0],
    ['again_on_paper', paper.to && !paper.from && pending > 0],
    ['results_stay', paper.to && unanswered > 0],
    ['again_by_interface', paper.from && !paper.to && lettered > 0],
    ['letters_void', paper.from && !paper.to && notHanded > 0],
    ['go_on', !paper.to && pending > lettered],
  ]
  return effects.filter(([, holds]) => holds).map(([effect]) => effect)
}

import '#server-only'

export { ordersSettled } from './repository.ts'

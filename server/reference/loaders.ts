import '#server-only'

export { type Device, deviceOf, holidays, type PoliceArea, policeAreas } from './repository.ts'

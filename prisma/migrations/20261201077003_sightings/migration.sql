-- CreateEnum
CREATE TYPE "sighting_kind" AS ENUM ('attach', 'sim_change');

-- CreateTable
CREATE TABLE "sightings" (
    "id" UUID NOT NULL,
    "carrier_id" TEXT NOT NULL,
    "order_id" UUID NOT NULL,
    "case_id" UUID NOT NULL,
    "imei" CHAR(15) NOT NULL,
    "kind" "sighting_kind" NOT NULL,
    "served" BOOLEAN NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "received_at" TIMESTAMPTZ(3) NOT NULL,
    "sealed_area" BYTEA,

    CONSTRAINT "sightings_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "sightings_case_id_at_idx" ON "sightings"("case_id", "at" DESC);

-- CreateIndex
CREATE INDEX "sightings_carrier_id_at_idx" ON "sightings"("carrier_id", "at");

-- CreateIndex
CREATE INDEX "sightings_order_id_idx" ON "sightings"("order_id");

-- CreateIndex
CREATE UNIQUE INDEX "one_sighting" ON "sightings"("carrier_id", "imei", "kind", "at");

-- AddForeignKey
ALTER TABLE "sightings" ADD CONSTRAINT "sightings_carrier_id_fkey" FOREIGN KEY ("carrier_id") REFERENCES "carriers"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "sightings" ADD CONSTRAINT "sightings_order_id_fkey" FOREIGN KEY ("order_id") REFERENCES "carrier_orders"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "sightings" ADD CONSTRAINT "sightings_case_id_fkey" FOREIGN KEY ("case_id") REFERENCES "case_keys"("case_id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What carriers see of a case's phone is telecom-use data of that case (ADR 21).
ALTER TABLE "sightings" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "declared_scope" ON "sightings" USING (
CASE
    WHEN ( SELECT scope_is_wide() AS scope_is_wide) THEN true
    ELSE ((case_id = ( SELECT scope_case() AS scope_case)) OR ( SELECT true
       FROM cases c
      WHERE (c.id = sightings.case_id)))
END);

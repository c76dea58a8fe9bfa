-- CreateTable
CREATE TABLE "carrier_calls" (
    "carrier_id" TEXT NOT NULL,
    "slot" TIMESTAMPTZ(3) NOT NULL,
    "key_id" UUID NOT NULL,
    "calls" INTEGER NOT NULL,

    CONSTRAINT "carrier_calls_pkey" PRIMARY KEY ("carrier_id","slot","key_id")
);

-- CreateIndex
CREATE INDEX "carrier_calls_slot_idx" ON "carrier_calls"("slot");

-- CreateIndex
CREATE INDEX "orders_answered" ON "carrier_orders"("carrier_id", "settled_at") WHERE ((settled_at IS NOT NULL) AND (drill_id IS NULL));

-- AddForeignKey
ALTER TABLE "carrier_calls" ADD CONSTRAINT "carrier_calls_carrier_id_fkey" FOREIGN KEY ("carrier_id") REFERENCES "carriers"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "carrier_calls" ADD CONSTRAINT "carrier_calls_key_id_fkey" FOREIGN KEY ("key_id") REFERENCES "carrier_keys"("id") ON DELETE CASCADE ON UPDATE CASCADE;

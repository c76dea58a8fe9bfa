-- CreateTable
CREATE TABLE "carrier_contacts" (
    "id" UUID NOT NULL,
    "carrier_id" TEXT NOT NULL,
    "sealed" BYTEA NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "added_at" TIMESTAMPTZ(3) NOT NULL,
    "changed_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "carrier_contacts_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "carrier_contacts_carrier_id_added_at_id_idx" ON "carrier_contacts"("carrier_id", "added_at", "id");

-- AddForeignKey
ALTER TABLE "carrier_contacts" ADD CONSTRAINT "carrier_contacts_carrier_id_fkey" FOREIGN KEY ("carrier_id") REFERENCES "carriers"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

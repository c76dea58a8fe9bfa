-- CreateTable
CREATE TABLE "list_facts" (
    "carrier_id" TEXT NOT NULL,
    "seq" BIGINT NOT NULL,
    "since" BIGINT NOT NULL,
    "digits" SMALLINT NOT NULL,
    "name" TEXT NOT NULL,
    "rows" INTEGER NOT NULL,
    "bytes" BIGINT NOT NULL,
    "sha256" TEXT NOT NULL,
    "made_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "list_facts_pkey" PRIMARY KEY ("carrier_id","seq","since","digits","name")
);

-- CreateIndex
CREATE INDEX "list_facts_made_at_idx" ON "list_facts"("made_at");

-- AddForeignKey
ALTER TABLE "list_facts" ADD CONSTRAINT "list_facts_carrier_id_fkey" FOREIGN KEY ("carrier_id") REFERENCES "carriers"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- CreateTable
CREATE TABLE "facts_months" (
    "month" DATE NOT NULL,
    "split" TEXT NOT NULL,
    "measure" TEXT NOT NULL,
    "shown" JSONB NOT NULL,
    "carry" INTEGER NOT NULL,

    CONSTRAINT "facts_months_pkey" PRIMARY KEY ("month","split","measure")
);

-- CreateTable
CREATE TABLE "facts_carriers" (
    "month" DATE NOT NULL,
    "carrier_id" TEXT NOT NULL,
    "orders" INTEGER NOT NULL,
    "within_24h" INTEGER NOT NULL,
    "median_seconds" INTEGER,
    "p90_seconds" INTEGER,

    CONSTRAINT "facts_carriers_pkey" PRIMARY KEY ("month","carrier_id")
);

-- CreateIndex
CREATE INDEX "case_events_counted" ON "case_events"("at", "move") WHERE (move = ANY (ARRAY['verify'::text, 'carriers_applied'::text, 'carriers_lifted'::text]));

-- CreateIndex
CREATE INDEX "cases_submitted_at_idx" ON "cases"("submitted_at");

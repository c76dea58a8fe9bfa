-- AlterTable
ALTER TABLE "carrier_orders" ADD COLUMN     "drill_id" UUID,
ALTER COLUMN "case_id" DROP NOT NULL;

-- CreateTable
CREATE TABLE "drills" (
    "id" UUID NOT NULL,
    "carrier_id" TEXT NOT NULL,
    "phones" INTEGER NOT NULL,
    "phase_minutes" INTEGER NOT NULL,
    "started_by_id" UUID NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "turned_at" TIMESTAMPTZ(3),
    "due_at" TIMESTAMPTZ(3) NOT NULL,
    "ended_at" TIMESTAMPTZ(3),

    CONSTRAINT "drills_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "drills_carrier_id_started_at_id_idx" ON "drills"("carrier_id", "started_at", "id");

-- CreateIndex
CREATE INDEX "drills_started_at_id_idx" ON "drills"("started_at", "id");

-- CreateIndex
CREATE UNIQUE INDEX "one_running_drill" ON "drills"("carrier_id") WHERE (ended_at IS NULL);

-- CreateIndex
CREATE INDEX "orders_of_drill" ON "carrier_orders"("drill_id") WHERE (drill_id IS NOT NULL);

-- AddForeignKey
ALTER TABLE "drills" ADD CONSTRAINT "drills_carrier_id_fkey" FOREIGN KEY ("carrier_id") REFERENCES "carriers"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "carrier_orders" ADD CONSTRAINT "carrier_orders_drill_id_fkey" FOREIGN KEY ("drill_id") REFERENCES "drills"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- An order carries out a case or a drill. Orders of before are all of cases.
ALTER TABLE "carrier_orders" ADD CONSTRAINT "of_a_case_or_a_drill" CHECK (num_nonnulls("case_id", "drill_id") = 1);

ALTER TABLE "drills"
  ADD CONSTRAINT "drill_of_a_few" CHECK ("phones" BETWEEN 1 AND 20),
  ADD CONSTRAINT "drill_turns_before_it_ends" CHECK ("ended_at" IS NULL OR "turned_at" IS NOT NULL);

-- A drill orders test numbers (reporting body 00) and nothing else does, whatever the application asks for: no phone is
-- blocked for practice, and what is in force can be told from practice by the number alone. Asked once a statement, as
-- a book is written in thousands of lines.
CREATE FUNCTION keep_drills_apart() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (
    SELECT FROM added JOIN carrier_orders o ON o.id = added.order_id
    WHERE starts_with(added.imei::text, '00') <> (o.drill_id IS NOT NULL)
  ) THEN
    RAISE EXCEPTION 'a drill orders test numbers, and nothing else does';
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER keep_drills_apart AFTER INSERT ON "book_entries" REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION keep_drills_apart();

-- Whose drill an order is of never changes, nor whether it is of one.
CREATE FUNCTION keep_order_origin() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.case_id, NEW.drill_id) IS DISTINCT FROM (OLD.case_id, OLD.drill_id) THEN
    RAISE EXCEPTION 'an order stays of the case or drill that it was given for';
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER keep_order_origin BEFORE UPDATE OF "case_id", "drill_id" ON "carrier_orders"
  FOR EACH ROW EXECUTE FUNCTION keep_order_origin();

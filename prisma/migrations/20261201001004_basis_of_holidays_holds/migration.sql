ALTER TABLE "holidays" VALIDATE CONSTRAINT "a_holiday_has_a_basis";

-- CreateTable
CREATE TABLE "installation" (
    "one" BOOLEAN NOT NULL DEFAULT true,
    "id" UUID NOT NULL,
    "joined_at" TIMESTAMPTZ(3),

    CONSTRAINT "installation_pkey" PRIMARY KEY ("one")
);

-- CreateTable
CREATE TABLE "key_fingerprints" (
    "id" SERIAL NOT NULL,
    "name" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "fingerprint" BYTEA NOT NULL,
    "used_at" TIMESTAMPTZ(3),
    "retired_at" TIMESTAMPTZ(3),

    CONSTRAINT "key_fingerprints_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "troubles" (
    "job" TEXT NOT NULL,
    "code" TEXT NOT NULL,
    "facts" JSONB NOT NULL,
    "since" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "troubles_pkey" PRIMARY KEY ("job")
);

-- One row for the life of this database; a copy of it (a restore) has the same id, a new one its own.
ALTER TABLE "installation" ADD CONSTRAINT "installation_one" CHECK ("one");
INSERT INTO "installation" ("id") VALUES (gen_random_uuid());

CREATE FUNCTION keep_installation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'UPDATE' OR NEW.id <> OLD.id OR OLD.joined_at IS NOT NULL THEN
    RAISE EXCEPTION 'the id of an installation is written once';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER keep_installation BEFORE UPDATE OR DELETE ON "installation"
  FOR EACH ROW EXECUTE FUNCTION keep_installation();
CREATE TRIGGER keep_installation_row BEFORE TRUNCATE ON "installation"
  FOR EACH STATEMENT EXECUTE FUNCTION keep_installation();

-- One key of a name and version is in force; a fingerprint never changes, and a retired key does not come back.
CREATE UNIQUE INDEX "key_fingerprints_in_force" ON "key_fingerprints" ("name", "version") WHERE "retired_at" IS NULL;

CREATE FUNCTION keep_key_fingerprint() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'UPDATE'
    OR (NEW.id, NEW.name, NEW.version, NEW.fingerprint) IS DISTINCT FROM (OLD.id, OLD.name, OLD.version, OLD.fingerprint)
    OR (OLD.used_at IS NOT NULL AND NEW.used_at IS DISTINCT FROM OLD.used_at)
    OR (OLD.retired_at IS NOT NULL AND NEW.retired_at IS DISTINCT FROM OLD.retired_at) THEN
    RAISE EXCEPTION 'what is known of a key does not change';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER keep_key_fingerprint BEFORE UPDATE OR DELETE ON "key_fingerprints"
  FOR EACH ROW EXECUTE FUNCTION keep_key_fingerprint();
CREATE TRIGGER keep_key_fingerprints BEFORE TRUNCATE ON "key_fingerprints"
  FOR EACH STATEMENT EXECUTE FUNCTION keep_key_fingerprint();

-- Refuses to change or delete a key's check value; its times are set once.
CREATE OR REPLACE FUNCTION keep_key_fingerprint() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'UPDATE'
    OR (NEW.id, NEW.name, NEW.version, NEW.fingerprint) IS DISTINCT FROM (OLD.id, OLD.name, OLD.version, OLD.fingerprint)
    OR (OLD.used_at IS NOT NULL AND NEW.used_at IS DISTINCT FROM OLD.used_at)
    OR (OLD.retired_at IS NOT NULL AND NEW.retired_at IS DISTINCT FROM OLD.retired_at) THEN
    RAISE EXCEPTION 'what is known of a key does not change';
  END IF;
  RETURN NEW;
END $$;

CREATE OR REPLACE TRIGGER keep_key_fingerprint BEFORE UPDATE OR DELETE ON "key_fingerprints"
  FOR EACH ROW EXECUTE FUNCTION keep_key_fingerprint();

CREATE OR REPLACE TRIGGER keep_key_fingerprints BEFORE TRUNCATE ON "key_fingerprints"
  FOR EACH STATEMENT EXECUTE FUNCTION keep_key_fingerprint();

/** Exits with 0 if the emulator at the given address responds. */
const response = await fetch(`${process.argv[2]}/_emulator/healthz`);
process.exit(response.ok ? 0 : 1);

/** Creates an error response of the control API. */
export function problemResponse(status: number, message: string, headers?: Record<string, string>): Response {
  return Response.json({ error: message }, headers ? { status, headers } : { status });
}

/** Where and why a projection stopped. Holds no data of the event. */
export interface ProjectionFailure {
  readonly position: string | null;
  /** `unreadable` when the event cannot even be decoded. */
  readonly eventType: string;
  readonly eventId?: string | undefined;
  readonly message: string;
  readonly stack: readonly string[];
}

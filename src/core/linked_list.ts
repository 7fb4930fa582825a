/** An element of a `LinkedList`. It is in one list at most. */
export class ListElement {
  previous: this | undefined;
  next: this | undefined;
}

/** A list that appends and removes any element in constant time. */
export class LinkedList<T extends ListElement> {
  first: T | undefined;
  last: T | undefined;
  size: number = 0;

  /** Appends an element that is in no list. */
  append(element: T): void {
    element.previous = this.last;
    if (this.last) this.last.next = element;
    else this.first = element;
    this.last = element;
    this.size++;
  }

  /** Removes an element of this list. */
  remove(element: T): void {
    const { previous, next } = element;
    if (previous) previous.next = next;
    else this.first = next;
    if (next) next.previous = previous;
    else this.last = previous;
    element.previous = element.next = undefined;
    this.size--;
  }

  /** Makes an element of this list the last one. */
  moveToEnd(element: T): void {
    this.remove(element);
    this.append(element);
  }
}

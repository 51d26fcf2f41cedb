import Telemetry
import Testing

@Suite struct MailboxTests {
  @Test func whatIsPutBackComesFirst() {
    let mailbox = Mailbox<Int>()
    for number in 1...4 { mailbox.send(number) }
    let received = mailbox.receive()
    mailbox.send(5)
    mailbox.putBack(received[2...])
    #expect(mailbox.receive() == [3, 4, 5])
    #expect(mailbox.isEmpty)
  }

  @Test func theOldestThatMayGoGoes() {
    let mailbox = Mailbox<Int>(capacity: 2) { $0 > 1 }
    for number in 1...4 { mailbox.send(number) }
    #expect(mailbox.receive() == [1, 4])
    #expect(mailbox.droppedCount == 2)
  }
}
